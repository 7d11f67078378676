/// Bytes: which form a client wants and sends, and how objects, lists, tables and events are written in it.
@NullMarked
package io.j8s.apiserver.encoding;

import org.jspecify.annotations.NullMarked;
