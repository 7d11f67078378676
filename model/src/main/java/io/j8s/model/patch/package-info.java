/// Patches: JSON Patch (RFC 6902), JSON merge patch (RFC 7386) and strategic merge patch. A patch is plain JSON; what it is applied to is a
/// [io.j8s.model.Struct], and whatever the patch does not touch stays the very same object.
@NullMarked
package io.j8s.model.patch;

import org.jspecify.annotations.NullMarked;
