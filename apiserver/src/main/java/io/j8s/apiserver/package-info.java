/// The API server: [ApiServer] puts its parts together.
@NullMarked
package io.j8s.apiserver;

import org.jspecify.annotations.NullMarked;
