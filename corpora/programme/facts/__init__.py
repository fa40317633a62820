"""Figures and statements of a plan's running text, each with its sentence."""
