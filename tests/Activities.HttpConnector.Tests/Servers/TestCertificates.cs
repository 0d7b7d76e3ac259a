using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>
/// Per process, thread-safe. Certificates made on the spot. The authority is put among this process's trusted roots before .NET first
/// reads them (Linux), so that an expired certificate fails because it is expired and for no other reason.
/// </summary>
internal static partial class TestCertificates
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly X509Certificate2 Authority = MakeAuthority();

    public static bool AuthorityIsTrusted => OperatingSystem.IsLinux();

    public static X509Certificate2 Good { get; } = Issue("localhost", Now.AddDays(-1), Now.AddDays(30));

    public static X509Certificate2 Expired { get; } = Issue("localhost", Now.AddDays(-30), Now.AddDays(-1));

    public static X509Certificate2 WrongHost { get; } = Issue("other.example", Now.AddDays(-1), Now.AddDays(30));

    public static X509Certificate2 SelfSigned { get; } = MakeSelfSigned();

    [ModuleInitializer]
    internal static void TrustAuthority()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var file = Path.Combine(Path.GetTempPath(), $"test-authority-{Environment.ProcessId}.pem");
        File.WriteAllText(file, Authority.ExportCertificatePem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
        // Environment.SetEnvironmentVariable does not reach the C library, which is where .NET asks.
        _ = SetEnvironment("SSL_CERT_FILE", file, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    private static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Now.AddDays(-60), Now.AddDays(60));
    }

    private static X509Certificate2 MakeSelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Portable(Request("localhost", key).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30)));
    }

    private static X509Certificate2 Issue(string host, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(host, key).Create(Authority, from, to, RandomNumberGenerator.GetBytes(8));
        return Portable(certificate.CopyWithPrivateKey(key));
    }

    private static CertificateRequest Request(string host, ECDsa key)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        return request;
    }

    // Windows cannot serve TLS with an ephemeral key.
    private static X509Certificate2 Portable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
