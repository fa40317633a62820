"""The read document beside its report: outline, passages that serve elements, quotes in context, heat map."""
