"""Local rule packs: rules of a school or a province beside the standard's."""
