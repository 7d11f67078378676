package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.Stored;
import io.j8s.model.Struct;
import java.util.List;

/// What a list found.
///
/// @param revision the revision at which it holds
/// @param next the token for the next page; empty on the last
/// @param remaining how many follow; -1 when that is not known
public record Listing<T extends Struct>(List<Stored<T>> items, long revision, String next, long remaining) {}
