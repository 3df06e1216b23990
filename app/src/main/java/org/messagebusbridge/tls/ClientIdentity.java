package org.messagebusbridge.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A client's certificate chain, leaf first, and the private key that belongs to it. */
record ClientIdentity(PrivateKey key, List<X509Certificate> chain) {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
  private static final byte[] PROBE = "messagebusbridge".getBytes(StandardCharsets.US_ASCII);

  /** Reads and checks the two files: that both are sound, belong together and are valid now. */
  static ClientIdentity read(PemFile certFile, PemFile keyFile, String certKey, Instant now)
      throws TlsException {
    List<X509Certificate> chain = certFile.certificates();
    PrivateKey key = privateKey(keyFile);
    X509Certificate leaf = chain.getFirst();
    if (!belong(key, leaf.getPublicKey())) {
      throw keyFile.failure(
          "holds a key that does not belong to the certificate of "
              + certKey
              + " ("
              + Names.subject(leaf)
              + "); name the two that were made together, the client's own certificate first in its"
              + " file");
    }
    if (leaf.getNotAfter().toInstant().isBefore(now)) {
      throw certFile.failure(
          "holds a certificate ("
              + Names.subject(leaf)
              + ") that expired on "
              + Names.day(leaf.getNotAfter())
              + "; get a new one from who issued it");
    }
    if (leaf.getNotBefore().toInstant().isAfter(now)) {
      throw certFile.failure(
          "holds a certificate ("
              + Names.subject(leaf)
              + ") that is not valid before "
              + Names.day(leaf.getNotBefore())
              + "; check this machine's clock");
    }
    return new ClientIdentity(key, chain);
  }

  KeyManager[] keyManagers() throws GeneralSecurityException {
    char[] password = new char[0];
    KeyStore store = KeyStores.empty();
    store.setKeyEntry("client", key, password, chain.toArray(new X509Certificate[0]));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static PrivateKey privateKey(PemFile file) throws TlsException {
    byte[] encoded = file.privateKey();
    try {
      for (String algorithm : ALGORITHMS) {
        Optional<PrivateKey> key = privateKey(algorithm, encoded);
        if (key.isPresent()) {
          return key.get();
        }
      }
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
    throw file.failure(
        "holds a private key that is damaged or neither RSA, EC nor Ed25519; use one of these");
  }

  private static Optional<PrivateKey> privateKey(String algorithm, byte[] encoded) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static boolean belong(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAKey mine && certified instanceof RSAKey theirs) {
      return mine.getModulus().equals(theirs.getModulus());
    }
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
