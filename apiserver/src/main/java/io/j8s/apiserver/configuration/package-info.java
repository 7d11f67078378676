/// Configuration files of the API server's guards: read strictly, and read again when they change.
@NullMarked
package io.j8s.apiserver.configuration;

import org.jspecify.annotations.NullMarked;
