package io.j8s.apiserver.openapi;

/// The two versions of OpenAPI, where they differ in how schemas are referred to.
enum Dialect {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    final String prefix;

    Dialect(String prefix) {
        this.prefix = prefix;
    }
}
