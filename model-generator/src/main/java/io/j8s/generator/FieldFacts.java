package io.j8s.generator;

/// What is known of one field.
///
/// @param shape as in fields.tsv: `string`, `[]string`, `map:quantity`, a type's name and so on
/// @param numbers the protobuf numbers of its wrappers and its own, with slashes
/// @param attributes further columns of its declaration, each `key=value`
record FieldFacts(String name, String shape, String presence, String numbers, java.util.List<String> attributes) {}
