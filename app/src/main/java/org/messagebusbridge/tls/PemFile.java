package org.messagebusbridge.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in the textual encoding of RFC 7468, read whole, with the key of the configuration that
 * named it. Text outside of the blocks is ignored, as the RFC (section 2) asks.
 */
final class PemFile {
  /** Beyond this nothing is read; the JDK's whole trust store is a quarter of it. */
  private static final int MAX_BYTES = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private record Block(String label, String text) {}

  private final String key;
  private final Path path;
  private final List<Block> blocks = new ArrayList<>();

  private PemFile(String key, Path path, String text) {
    this.key = key;
    this.path = path;
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
  }

  /**
   * Reads the file.
   *
   * @param key the key of the configuration, for errors
   */
  static PemFile read(String key, Path path) throws TlsException {
    PemFile file;
    try (InputStream in = Files.newInputStream(path)) {
      file =
          new PemFile(key, path, new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      throw new TlsException(key + ": there is no file " + path + ".", e);
    } catch (AccessDeniedException e) {
      throw new TlsException(key + ": the file " + path + " may not be read by this user.", e);
    } catch (IOException e) {
      String what = Files.isDirectory(path) ? " is a directory, not a file." : " cannot be read.";
      throw new TlsException(key + ": " + path + what, e);
    }
    if (file.blocks.isEmpty()) {
      throw file.failure(
          "is not a PEM file (it has no whole block from \"-----BEGIN ...-----\" to"
              + " \"-----END ...-----\"); convert it with openssl, or name another");
    }
    return file;
  }

  /** The certificates of the file in its order, at least one. */
  List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
        certificates.add(certificate(block, certificates.size() + 1));
      }
    }
    if (certificates.isEmpty()) {
      throw failure("holds no certificate, only " + labels() + "; name the certificate's file");
    }
    return certificates;
  }

  /** The private key of the file, as PKCS #8 (RFC 5208) in DER. */
  byte[] privateKey() throws TlsException {
    for (Block block : blocks) {
      if (block.label.equals("ENCRYPTED PRIVATE KEY") || block.text.contains("ENCRYPTED")) {
        throw failure(
            "holds an encrypted private key, which needs a passphrase; decrypt it with: "
                + "openssl pkcs8 -topk8 -nocrypt -in "
                + path
                + " -out "
                + pkcs8Name());
      }
      if (block.label.equals("PRIVATE KEY")) {
        return decode(block, "the private key");
      }
      if (block.label.endsWith(" PRIVATE KEY")) {
        throw failure(
            "holds a private key in the older form \""
                + block.label
                + "\"; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
                + path
                + " -out "
                + pkcs8Name());
      }
    }
    throw failure("holds no private key, only " + labels() + "; name the private key's file");
  }

  /** An error about this file; the sentence gets its key and path first, and a full stop last. */
  TlsException failure(String whatAndWhatToDo) {
    return new TlsException(key + ": the file " + path + " " + whatAndWhatToDo + ".");
  }

  private X509Certificate certificate(Block block, int number) throws TlsException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(decode(block, "certificate " + number)));
    } catch (CertificateException e) {
      throw failure("is damaged: certificate " + number + " cannot be read; fetch it again");
    }
  }

  private byte[] decode(Block block, String what) throws TlsException {
    try {
      return Base64.getMimeDecoder().decode(block.text);
    } catch (IllegalArgumentException e) {
      throw failure("is damaged: " + what + " is not valid base64; fetch it again");
    }
  }

  private String labels() {
    return String.join(
        ", ", blocks.stream().map(block -> "\"" + block.label + "\"").distinct().toList());
  }

  private String pkcs8Name() {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + "-pkcs8.pem";
  }
}
