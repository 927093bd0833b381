# Embedding Explorer as an ordinary user on a read-only file system; see docs/deploy.md.
FROM python:3.13-slim

RUN useradd --create-home --uid 1000 explorer \
    && install -d -o explorer /var/cache/explorer
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY streamlit_app.py ./
COPY .streamlit .streamlit
COPY explorer explorer
COPY pages pages
COPY data data
# Kernels are compiled here, once, so that no visitor waits for it. Numba uses a cache only where it
# can write, so they lie in the volume, which Docker fills from the image when it is new.
ENV EMBEDDING_EXPLORER_CACHE=/var/cache/explorer/maps NUMBA_CACHE_DIR=/var/cache/explorer/kernels
USER explorer
RUN python -m explorer.warm_up
VOLUME /var/cache/explorer
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["streamlit", "run", "streamlit_app.py", "--server.headless", "true", "--server.address", "0.0.0.0", "--server.port", "8501", "--"]
