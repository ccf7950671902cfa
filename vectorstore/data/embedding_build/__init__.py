"""How the bundled embedding model is made. Run by its maker (``build_embedding_model``), never imported by the product.

``texts`` reads what it is made from, ``cooccurrence`` makes vectors of what stands beside what, ``pairs`` draws
examples of questions and passages, ``tuning`` moves the vectors by them, ``files`` writes the model.
"""
