"""Every error that Nianbao raises on purpose.

    NianbaoError
    ├── IndexFolderError         the folder that keeps everything
    │   ├── IndexMissingError        there is no index in the folder
    │   ├── IndexTooNewError         a newer version of Nianbao made it
    │   ├── IndexBusyError           another process is writing to it
    │   └── ModelMismatchError       another embedding model made its vectors
    ├── EmbeddingError           a model could not be loaded or gave unusable vectors
    ├── RerankerError            a reranker could not be loaded or gave unusable scores
    ├── ReadError                a file could not be read as a report
    │   ├── NotAReportError          it was read, and it is no annual report
    │   ├── OriginalGoneError        the file that a report was read from isn't there any more
    │   └── OriginalChangedError     it is another file now
    ├── QuestionError            a question that is empty or too long
    ├── LanguageModelError       a language model could not be reached or gave nothing usable
    └── CorrectionError          a correction that can't be made

A message is a sentence: what failed, where, and what to do. "The corpus doesn't say" is an Answer, not an error.
"""


class NianbaoError(Exception):
    """The root: what the command line and the web chat show as one sentence."""


class IndexFolderError(NianbaoError):
    """Something is wrong with the index folder."""


class IndexMissingError(IndexFolderError):
    """There is no index in the folder."""


class IndexTooNewError(IndexFolderError):
    """A newer version of Nianbao made the index."""


class IndexBusyError(IndexFolderError):
    """Another process is writing to the index."""


class ModelMismatchError(IndexFolderError):
    """The index's vectors come from another embedding model than the one asked for."""


class EmbeddingError(NianbaoError):
    """An embedding model could not be loaded, or its vectors are unusable."""


class RerankerError(NianbaoError):
    """A reranker could not be loaded, or its scores are unusable."""


class LanguageModelError(NianbaoError):
    """A language model could not be loaded or reached, took too long, or gave nothing usable.

    Attributes:
        reason: What failed, in one word, for who wants to say it in another language.
        wait: Seconds that the server asked to be left alone for.
    """

    def __init__(self, message: str, reason: str = "settings", wait: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.wait = wait


class ReadError(NianbaoError):
    """A file could not be read as a report. The message is fit for the ingestion summary: one line."""


class NotAReportError(ReadError):
    """The file could be read, and is no government-information-disclosure annual report."""


class OriginalGoneError(ReadError):
    """The file that a report was read from isn't where it was."""


class OriginalChangedError(ReadError):
    """The file that a report was read from has been changed since."""


class QuestionError(NianbaoError):
    """A question that cannot be asked: empty, or longer than a question can be."""


class CorrectionError(NianbaoError):
    """A correction of a report that can't be made: what it names isn't there, or isn't such a thing.

    Attributes:
        about: Which part of it is wrong: ``value``, ``metric``, ``quote``, ``why``, ``made_by`` or ``number``.
        reason: A word for what is wrong with it, for an interface that says it in words of its own.
        values: What such words may name.
    """

    def __init__(self, message: str, about: str = "", reason: str = "", **values: str) -> None:
        super().__init__(message)
        self.about = about
        self.reason = reason
        self.values = values


class OutdatedAnswerError(NianbaoError):
    """The index has changed under an answer whose rows or citations were still to be made."""
