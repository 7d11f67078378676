package io.j8s.node.volumes;

/// A file of a volume that is written from the API.
///
/// @param mode its permission bits
record FileContent(byte[] bytes, int mode) {}
