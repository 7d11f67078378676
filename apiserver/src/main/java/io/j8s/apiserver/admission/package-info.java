/// What may still change or refuse a write once it is authorized: the seam to which admission plugins are joined.
@NullMarked
package io.j8s.apiserver.admission;

import org.jspecify.annotations.NullMarked;
