/// Container images: their archives, pulling, and what may be collected. The pause image is made here, byte by byte, so that nothing has to be pulled for it.
@NullMarked
package io.j8s.node.images;

import org.jspecify.annotations.NullMarked;
