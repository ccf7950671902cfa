"""How passages are found and ranked: candidates of full text and of the vectors, scored, fused, told apart."""
