def names_asked(model, vals):
    """Names of the fields that a creation sets: those of its values, and those that its context gives as defaults."""
    return set(vals) | {name[len("default_") :] for name in model.env.context if name.startswith("default_")}
