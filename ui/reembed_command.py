"""The command that changes an index over to another embedding model: ``reembed``."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.options import DEFAULT_INDEX, INTERRUPTED, AsJson, IndexFolder

QueryPrompt = Annotated[
    str | None,
    typer.Option(
        "--query-prompt", metavar="TEXT", help='Put before every query; "" for none. By default the model\'s.'
    ),
]
PassagePrompt = Annotated[
    str | None,
    typer.Option("--passage-prompt", metavar="TEXT", help="Put before every passage, likewise."),
]


def reembed(
    embedding: Annotated[
        str,
        typer.Option(
            "--embedding",
            metavar="NAME",
            help="A sentence-transformers model by name or folder; bundled for the one that comes with Nianbao.",
        ),
    ],
    query_prompt: QueryPrompt = None,
    passage_prompt: PassagePrompt = None,
    max_length: Annotated[
        int | None,
        typer.Option("--max-length", min=8, metavar="N", help="Tokens after which a passage is cut."),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            "--device", envvar="NIANBAO_DEVICE", metavar="NAME", help="cpu, cuda, mps ...; the best by default."
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option("--batch-size", envvar="NIANBAO_BATCH_SIZE", min=1, metavar="N", help="Passages at a time; 32."),
    ] = None,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Make the vectors of an index anew with another model. The index stays usable; run again, it goes on."""
    from dataclasses import asdict

    from ui.index_commands import progress_bar
    from ui.printing import print_json, print_line
    from vectorstore.embedding_settings import EmbeddingSettings
    from vectorstore.reembedding import reembed as change_over

    settings = EmbeddingSettings(
        embedding,
        query_prompt=query_prompt,
        passage_prompt=passage_prompt,
        max_length=max_length,
        device=device,
        batch_size=batch_size,
    )
    try:
        with progress_bar() as advance:
            done = change_over(
                index,
                settings,
                progress=lambda made, total: advance("embedding", made, total),
                notify=lambda sentence: typer.echo(sentence, err=True),
            )
    except KeyboardInterrupt:
        typer.echo(
            "Interrupted. The index is searched as before; run the same command again to go on with the change.",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(asdict(done))
    elif done.embedded or done.former != done.model:
        print_line(f"The index uses the model {done.model} now: {done.embedded} of {done.passages} passages embedded.")
    else:
        print_line(f"The index uses the model {done.model} already; no vectors had to be made.")
