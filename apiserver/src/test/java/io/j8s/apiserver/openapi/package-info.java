@NullMarked
package io.j8s.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
