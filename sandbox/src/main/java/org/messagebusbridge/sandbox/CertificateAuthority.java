package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root that signs leaves (RFC 5280), ECDSA on P-256. Its key is never written. */
final class CertificateAuthority {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LIFETIME = Duration.ofDays(30);

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /**
   * @param keys the root's; a leaf of the same name for the same keys is a self-signed one
   */
  CertificateAuthority(String commonName, KeyPair keys)
      throws GeneralSecurityException, IOException {
    this.name = named(commonName);
    this.keys = keys;
    X509v3CertificateBuilder root =
        builder(name, keys.getPublic(), around(Instant.now(), LIFETIME));
    root.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    root.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    certificate = signed(root);
  }

  static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** A leaf that is valid now and for longer than any test runs. */
  X509Certificate issue(
      String commonName, PublicKey key, KeyPurposeId purpose, List<GeneralName> names)
      throws GeneralSecurityException, IOException {
    return issue(commonName, key, purpose, names, around(Instant.now(), LIFETIME));
  }

  /** A leaf whose time ran out yesterday. */
  X509Certificate issueExpired(
      String commonName, PublicKey key, KeyPurposeId purpose, List<GeneralName> names)
      throws GeneralSecurityException, IOException {
    Instant middle = Instant.now().minus(Duration.ofDays(8));
    return issue(commonName, key, purpose, names, around(middle, Duration.ofDays(7)));
  }

  private X509Certificate issue(
      String commonName,
      PublicKey key,
      KeyPurposeId purpose,
      List<GeneralName> names,
      Validity validity)
      throws GeneralSecurityException, IOException {
    var extensions = new JcaX509ExtensionUtils();
    X509v3CertificateBuilder leaf = builder(named(commonName), key, validity);
    leaf.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    leaf.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    leaf.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(keys.getPublic()));
    if (!names.isEmpty()) {
      leaf.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
    return signed(leaf);
  }

  private X509v3CertificateBuilder builder(X500Name subject, PublicKey key, Validity validity)
      throws GeneralSecurityException, IOException {
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(120, RANDOM).setBit(120),
            Date.from(validity.from()),
            Date.from(validity.to()),
            subject,
            key);
    return builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
  }

  private X509Certificate signed(X509v3CertificateBuilder builder) throws GeneralSecurityException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static X500Name named(String commonName) {
    return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
  }

  private static Validity around(Instant middle, Duration each) {
    return new Validity(middle.minus(each), middle.plus(each));
  }

  private record Validity(Instant from, Instant to) {}
}
