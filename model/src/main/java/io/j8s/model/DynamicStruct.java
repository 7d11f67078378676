package io.j8s.model;

/// A value of a type that was made at run time, or of no declared type at all ([Unstructured]).
public final class DynamicStruct extends Struct {

    private final Type type;

    DynamicStruct(Type type, Content content) {
        super(content);
        this.type = type;
    }

    @Override
    public Type structType() {
        return type;
    }

    @Override
    protected Struct make(Content content) {
        return new DynamicStruct(type, content);
    }
}
