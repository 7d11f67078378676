package io.j8s.model;

/// JSON of API values.
final class Json {

    private Json() {}

    static String text(Struct struct) {
        StringBuilder text = new StringBuilder(struct.structType().name()).append('{');
        struct.forEach((field, value) -> text.append(field.name()).append('=').append(value).append(' '));
        return text.append('}').toString();
    }
}
