package io.j8s.apiserver.resource;

import io.j8s.model.Struct;
import java.util.function.Consumer;

/// Makes objects of plain JSON by a schema of their own: defaults put in, unknown fields taken out. What custom resources have instead of a generated type.
public interface ObjectReader {

    /// What a client sent.
    ///
    /// @param findings told of unknown fields
    /// @throws io.j8s.model.DecodeException when it is no object (400)
    /// @throws io.j8s.model.schema.SchemaException when it cannot be held by its type (422)
    Struct read(Object plain, Consumer<String> findings);

    /// What was stored, perhaps under another schema: never refused for that.
    Struct readStored(Object plain);
}
