"""Pictures: arrays in, an Altair chart's dict or a drawn scene out. Nothing here imports Streamlit."""
