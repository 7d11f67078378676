/// Whether what clients saw can be explained by one order of their requests.
@NullMarked
package io.j8s.it.linear;

import org.jspecify.annotations.NullMarked;
