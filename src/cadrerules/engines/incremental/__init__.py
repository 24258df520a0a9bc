"""The scalar engine kept up to date: after a change of facts only the rows it touches are computed again."""
