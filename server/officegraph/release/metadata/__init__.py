"""The description of the data set: VoID, DCAT and service description from one model."""
