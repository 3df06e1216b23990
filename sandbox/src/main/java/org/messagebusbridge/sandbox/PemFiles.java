package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Set;

/** Writes PEM (RFC 7468) into one directory. A file that exists is an error. */
record PemFiles(Path directory) {

  Path write(String fileName, X509Certificate certificate)
      throws IOException, CertificateEncodingException {
    return Files.writeString(
        directory.resolve(fileName),
        pem("CERTIFICATE", certificate.getEncoded()),
        US_ASCII,
        StandardOpenOption.CREATE_NEW);
  }

  /** Mode 0600 from the moment the file exists. */
  Path write(String fileName, PrivateKey key) throws IOException {
    Path file = directory.resolve(fileName);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer text = ByteBuffer.wrap(pem("PRIVATE KEY", key.getEncoded()).getBytes(US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
    }
    return file;
  }

  private static String pem(String label, byte[] der) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, encoder.encodeToString(der), label);
  }
}
