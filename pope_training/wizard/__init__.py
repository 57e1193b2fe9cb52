from . import pope_training_enrol
