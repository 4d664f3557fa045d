"""circlegraph: social circles from call detail records."""
