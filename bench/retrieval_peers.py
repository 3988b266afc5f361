"""The peers of retrieval, each given the same weights of the same terms; a peer that is not installed is left out.

Each is prepared with the offers and becomes two functions: one that brings needs into its form, which nobody clocks,
and one that answers them.
"""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from lianqiao_engine.retrieve import Index

Prepared = tuple[Callable[[csr_array], Any], Callable[[Any, int], object]]
THREADS = 2


def lianqiao(offers: csr_array) -> Prepared:
    index = Index(offers, asked=offers.shape[0])
    return lambda needs: needs, index.top


def bm25s(offers: csr_array) -> Prepared:
    import bm25s as peer  # noqa: PLC0415 - any peer may be absent

    by_term = offers.T.tocsr()
    retriever = peer.BM25(backend="numba")
    retriever.scores = {
        "data": by_term.data.astype(np.float32),
        "indices": by_term.indices.astype(np.int32),
        "indptr": by_term.indptr.astype(np.int64),
        "num_docs": offers.shape[0],
    }
    retriever.nonoccurrence_array = None
    retriever.vocab_dict = {"": offers.shape[1]}
    retriever.unique_token_ids_set = set(range(offers.shape[1]))

    def said(needs: csr_array) -> list[list[int]]:
        """It knows no weights of a query: a term that counts twice is said twice."""
        ends = zip(needs.indptr, needs.indptr[1:], strict=False)
        return [
            np.repeat(needs.indices[start:end], needs.data[start:end].astype(int)).tolist()
            for start, end in ends
        ]

    return said, lambda needs, k: retriever.retrieve(needs, k=k, n_threads=THREADS, show_progress=False)


def sparse_dot_topn(offers: csr_array) -> Prepared:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415

    by_term = csr_matrix(offers.T.tocsr().astype(np.float32))
    return (
        lambda needs: csr_matrix(needs.astype(np.float32)),
        lambda needs, k: sp_matmul_topn(needs, by_term, top_n=k, sort=True, n_threads=THREADS),
    )


def scipy_loop(offers: csr_array) -> Prepared:
    """As scikit-learn's nearest neighbours do it: a block of products made dense, then partitioned and sorted."""
    by_term = offers.T.tocsr()

    def answer(needs: csr_array, k: int) -> object:
        found = []
        for start in range(0, needs.shape[0], 64):
            products = (needs[start : start + 64] @ by_term).toarray()
            best = np.argpartition(-products, k, axis=1)[:, :k]
            order = np.argsort(-np.take_along_axis(products, best, 1), axis=1)
            found.append(np.take_along_axis(best, order, 1))
        return found

    return lambda needs: needs, answer


def tantivy(offers: csr_array) -> Prepared:
    """Its own BM25, whose lengths are rounded to a byte: near our weights, not the same. One thread."""
    import tantivy as peer  # noqa: PLC0415

    builder = peer.SchemaBuilder()
    builder.add_text_field("t", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = peer.Index(schema)
    writer = index.writer(200_000_000, 1)
    for row in range(offers.shape[0]):
        terms = offers.indices[offers.indptr[row] : offers.indptr[row + 1]]
        writer.add_document(peer.Document(t=" ".join(map(str, terms.tolist()))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def asked(needs: csr_array) -> list[peer.Query]:
        queries = []
        for row in range(needs.shape[0]):
            part = slice(needs.indptr[row], needs.indptr[row + 1])
            terms = [
                peer.Query.boost_query(peer.Query.term_query(schema, "t", str(term), "freq"), weight)
                for term, weight in zip(needs.indices[part].tolist(), needs.data[part].tolist(), strict=True)
            ]
            queries.append(peer.Query.boolean_query([(peer.Occur.Should, query) for query in terms]))
        return queries

    return asked, lambda queries, k: [searcher.search(query, k).hits for query in queries]


ALL: dict[
    str, tuple[Callable[[csr_array], Prepared], int]
] = {  # with needs of one round: fewer for who is slow
    "lianqiao": (lianqiao, 2048),
    "bm25s": (bm25s, 1024),
    "sparse_dot_topn": (sparse_dot_topn, 512),
    "scipy_loop": (scipy_loop, 128),
    "tantivy": (tantivy, 128),
}
PEERS = {
    name: peer
    for name, peer in ALL.items()
    if name in ("lianqiao", "scipy_loop") or importlib.util.find_spec(name)
}
