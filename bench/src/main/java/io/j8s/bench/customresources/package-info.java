/// What definitions of custom resources cost.
@NullMarked
package io.j8s.bench.customresources;

import org.jspecify.annotations.NullMarked;
