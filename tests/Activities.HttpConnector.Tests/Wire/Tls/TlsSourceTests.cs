using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Tls;
using FlowEngine.Settings;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Wire.Tls;

/// <summary>Certificates in files, which are replaced while connectors use them.</summary>
public sealed class TlsSourceTests : IDisposable
{
    private static readonly TestIdentities Own = TestIdentities.Own;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private string Certificate => Path.Combine(_folder.FullName, "tls.crt");

    private string Key => Path.Combine(_folder.FullName, "tls.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TryGet_AFileThatWasReplaced_IsReadAgainWithinSeconds()
    {
        Write(Own.Client);
        var source = Source();
        Assert.Equal("CN=client-1", Subject(source));

        Write(Own.NextClient);
        Assert.Equal("CN=client-1", Subject(source));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=client-2", Subject(source));
    }

    /// <summary>Who replaces two files does so one after the other, and a copy takes a while.</summary>
    [Fact]
    public void TryGet_FilesThatAreHalfWritten_ChangeNothingUntilBothFit()
    {
        Write(Own.Client);
        var source = Source();
        Assert.Equal("CN=client-1", Subject(source));

        var half = Own.NextClient.CertificatePem;
        foreach (var content in (string[])["", half[..(half.Length / 2)], half])
        {
            File.WriteAllText(Certificate, content);
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("CN=client-1", Subject(source));
        }
        File.Delete(Key);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=client-1", Subject(source));

        File.WriteAllText(Key, Own.NextClient.KeyPem);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=client-2", Subject(source));
    }

    /// <summary>As volumes of Kubernetes do it: the file is a link, and another folder takes its place.</summary>
    [Fact]
    public void TryGet_ALinkThatLeadsElsewhere_IsFollowedAnew()
    {
        foreach (var (name, identity) in (ReadOnlySpan<(string, TestIdentity)>)[("old", Own.Client), ("new", Own.NextClient)])
        {
            var folder = _folder.CreateSubdirectory(name);
            File.WriteAllText(Path.Combine(folder.FullName, "tls.crt"), identity.CertificatePem);
            File.WriteAllText(Path.Combine(folder.FullName, "tls.key"), identity.KeyPem);
        }
        var data = Path.Combine(_folder.FullName, "data");
        Directory.CreateSymbolicLink(data, "old");
        File.CreateSymbolicLink(Certificate, Path.Combine("data", "tls.crt"));
        File.CreateSymbolicLink(Key, Path.Combine("data", "tls.key"));
        var source = Source();
        Assert.Equal("CN=client-1", Subject(source));

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "new");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=client-2", Subject(source));
    }

    [Fact]
    public void TryGet_WhatCannotBeUsed_IsAFaultUntilItCan()
    {
        Write(Own.Client);
        File.WriteAllText(Key, Own.NextClient.KeyPem);
        var source = Source();

        Assert.False(source.TryGet(out _, out var fault));
        Assert.Equal("http.tls", fault.Code);
        Assert.Contains("'clientKey'", fault.Message, StringComparison.Ordinal);

        File.WriteAllText(Key, Own.Client.KeyPem);
        Assert.Equal("CN=client-1", Subject(source));
    }

    [Fact]
    public void TryGet_AFileThatIsNotThere_IsAMissingSecret()
    {
        Assert.False(Source().TryGet(out _, out var fault));

        Assert.Equal("connector.secret_missing", fault.Code);
    }

    /// <summary>Whatever way it is echoed.</summary>
    [Fact]
    public void SecretValues_HaveTheKeyInEveryLayout()
    {
        Write(Own.Client);
        var source = Source();
        Subject(source);

        var content = string.Concat(Own.Client.KeyPem.Split('\n').Where(line => !line.StartsWith('-')));
        Assert.Contains(content, source.SecretValues);
        Assert.Contains(content[..64], source.SecretValues);
        Assert.DoesNotContain(
            source.SecretValues,
            secret => Own.Client.CertificatePem.Contains(secret, StringComparison.Ordinal) && secret.Length > 0
        );
    }

    private TlsSource Source() => new(new Secret("file:" + Certificate), new Secret("file:" + Key), null, null, _time);

    private void Write(TestIdentity identity)
    {
        File.WriteAllText(Certificate, identity.CertificatePem);
        File.WriteAllText(Key, identity.KeyPem);
    }

    private static string Subject(TlsSource source)
    {
        Assert.True(source.TryGet(out var material, out var fault), fault?.Message);
        return material.Certificate!.Subject;
    }
}
