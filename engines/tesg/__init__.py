"""TeSG: mask and text semantics guide the fusion (Zhu et al., Textual Semantic Guidance)."""
