/// Selectors over labels and fields, and the rules for names and labels. Both kinds of selector are compiled once, immutable, and match without allocating.
@NullMarked
package io.j8s.model.selector;

import org.jspecify.annotations.NullMarked;
