using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.Connectors;
using FlowEngine.Settings;
using FlowEngine.Storage;
using FlowEngine.Storage.Protection;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Cluster;

/// <summary>Nobody but a node talks to a node.</summary>
[Trait("Category", "cluster")]
public sealed class NodeCertificateTests(PostgresFixture postgres)
{
    /// <summary>Who is not let in is told by then, however busy the machine is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_OfTheSameRootKey_IsANode_OfAnotherIsNot()
    {
        await using var test = await TestStorage.CreateAsync(
            StoreEngine.Sqlite,
            postgres,
            options => options with { Storage = new() { RootKey = new Secret(TestCluster.RootKey) } }
        );
        await using var other = await TestStorage.CreateAsync(
            StoreEngine.Sqlite,
            postgres,
            options => options with { Storage = new() { RootKey = new Secret(TestCluster.RootKey + "x") } }
        );
        using var one = NodeCertificate.Make(test.Storage.RootKey, TimeProvider.System);
        using var two = NodeCertificate.Make(test.Storage.RootKey, TimeProvider.System);
        using var stranger = NodeCertificate.Make(other.Storage.RootKey, TimeProvider.System);

        Assert.NotEqual(one.SerialNumber, two.SerialNumber);
        Assert.True(NodeCertificate.IsNode(one, two));
        Assert.False(NodeCertificate.IsNode(one, stranger));
    }

    [Fact]
    public async Task Stranger_AtANodesPort_GetsNoConnection()
    {
        var port = FreePort.Next();
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 0);
        await cluster.AddAsync("a", "--set", $"Cluster:Port={port}");
        await using var mine = await TestStorage.CreateAsync(
            StoreEngine.Sqlite,
            postgres,
            options => options with { Storage = new() { RootKey = new Secret(TestCluster.RootKey + "x") } }
        );
        await using var theirs = await TestStorage.CreateAsync(
            StoreEngine.Sqlite,
            postgres,
            options => options with { Storage = new() { RootKey = new Secret(TestCluster.RootKey) } }
        );
        using var foreign = NodeCertificate.Make(mine.Storage.RootKey, TimeProvider.System);
        using var genuine = NodeCertificate.Make(theirs.Storage.RootKey, TimeProvider.System);

        Assert.False(await IsLetInAsync(port, null, Patience));
        Assert.False(await IsLetInAsync(port, foreign, Patience));
        Assert.True(await IsLetInAsync(port, genuine, TimeSpan.FromSeconds(2)));

        using var plain = new TcpClient();
        await plain.ConnectAsync(IPAddress.Loopback, port, Stop);
        await plain.GetStream().WriteAsync("hello, let me in, I am one of you, believe me!!"u8.ToArray(), Stop);
        var answer = new byte[64];
        var length = await plain.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Stop);
        // A TLS alert at most (RFC 8446, 5.1: content type 21).
        Assert.True(length == 0 || (answer[0] == 21 && length < 10));
    }

    [Fact]
    public async Task Serve_Alone_ListensForHttpAndNothingElse()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var server = await ServeProcess.DemoAsync();

        Assert.Equal([new Uri(server.Address).Port], ListeningPorts(server.ProcessId));
    }

    [Fact]
    public async Task Cluster_WithoutWhatItNeeds_SaysWhatIsMissing()
    {
        using var workspace = new Workspace();
        string[] serve =
        [
            "serve",
            "--cluster",
            "--flows",
            "flows",
            "--data",
            Path.Combine(workspace.Folder, "data"),
            "--urls",
            $"http://127.0.0.1:{FreePort.Next()}",
        ];

        var database = await FlowEngineProcess.RunAsync(serve);
        var key = await FlowEngineProcess.RunAsync([.. serve, "--database", await postgres.CreateDatabaseAsync()]);

        Assert.Equal(1, database.ExitCode);
        Assert.Contains("cli.setting", database.Error, StringComparison.Ordinal);
        Assert.Contains("--database", database.Error, StringComparison.Ordinal);
        Assert.Equal(1, key.ExitCode);
        Assert.Contains("storage.root_key", key.Error, StringComparison.Ordinal);
        Assert.Contains("Storage:RootKey", key.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", "127.0.0.1")]
    [InlineData("http://localhost:5080;http://[::1]:5080", "127.0.0.1")]
    public void Address_OfALoopbackServer_IsAFreeLoopbackPort(string urls, string address)
    {
        var one = ClusterAddress.Of(new NodeOptions(), urls);

        Assert.Equal(address, one.Address.ToString());
        Assert.NotEqual(ClusterAddress.DefaultPort, one.Port);
    }

    [Fact]
    public void Address_AsSet_IsTaken()
    {
        var given = new NodeOptions { Address = "10.1.2.3", Port = 12345 };

        Assert.Equal("10.1.2.3:12345", ClusterAddress.Of(given, "http://0.0.0.0:80").ToString());
        Assert.Equal(
            $"10.1.2.3:{ClusterAddress.DefaultPort}",
            ClusterAddress.Of(given with { Port = null }, "http://0.0.0.0:80").ToString()
        );
        Assert.Throws<FlowEngine.AspNetCore.Engine.SettingsException>(() =>
            ClusterAddress.Of(new NodeOptions { Address = "no such name.invalid" }, "http://0.0.0.0:80")
        );
    }

    /// <summary>Whether a connection stays open for so long after the handshake, as one
    /// of a node does. TLS 1.3 lets a client believe it is in until it reads.</summary>
    private static async Task<bool> IsLetInAsync(int port, X509Certificate2? certificate, TimeSpan time)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
#pragma warning disable CA5359 // A stranger asks nobody who the node is; whether the node lets the stranger in is what is tested.
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "flowengine-node",
                    ClientCertificates = certificate is null ? null : [certificate],
                },
                Stop
            );
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            wait.CancelAfter(time);
            return await tls.ReadAsync(new byte[1], wait.Token) > 0;
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>What a file of a process is; "" for one that was closed meanwhile.</summary>
    private static string TargetOf(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, false)?.Name ?? "";
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    private static int[] ListeningPorts(int processId)
    {
        var sockets = Directory
            .GetFiles($"/proc/{processId}/fd")
            .Select(TargetOf)
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1])
            .ToHashSet();
        const string Listening = "0A";
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == Listening && sockets.Contains(fields[9]))
                .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Distinct()
                .Order(),
        ];
    }
}
