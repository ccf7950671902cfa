"""The web interface: five pages over one index, served by Gradio. `serving` is its door."""
