using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.TestServers;

/// <summary>Per test: a copy of samples/Extension's flows, its built assembly in a folder of extensions, and the API of Acme's that checks
/// stamps.</summary>
internal sealed class AcmeClub : IAsyncDisposable
{
    public const string StampKey = "the key of all stamps";

    private readonly HttpListener _api = new();
    private readonly Task _answering;
    private readonly Workspace _workspace = new();

    public AcmeClub()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _api.Prefixes.Add(Address + "/");
        _api.Start();
        _answering = AnswerAsync();
        var sample = Path.Combine(FlowEngineProcess.Repository, "samples", "Extension");
        foreach (var file in Directory.GetFiles(Path.Combine(sample, "flows"), "*.json", SearchOption.AllDirectories))
            _workspace.Write(
                Path.GetRelativePath(sample, file),
                File.ReadAllText(file).Replace("https://purchases.acme.example", Address, StringComparison.Ordinal)
            );
        Directory.CreateDirectory(Extensions);
        File.Copy(Assembly, Path.Combine(Extensions, "Acme.Club.dll"));
    }

    /// <summary>The assembly that the sample's project builds.</summary>
    public static string Assembly { get; } =
        Path.Combine(
            FlowEngineProcess.Repository,
            "samples",
            "Extension",
            "bin",
            Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(FlowEngineProcess.Command))!),
            "net10.0",
            "Acme.Club.dll"
        );

    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["ACME_STAMP_KEY"] = StampKey, ["ACME_NUMBER_KEY"] = "the key of all numbers" };

    public string Address { get; }

    public string Flows => Path.Combine(_workspace.Folder, "flows");

    public string Extensions => Path.Combine(_workspace.Folder, "extensions");

    /// <summary>What a server with the extension is started with.</summary>
    public string[] Arguments =>
        ["--flows", Flows, "--set", $"Extensions:Folder={Extensions}", "--set", "Egress:AllowPrivateNetworks=true"];

    public async ValueTask DisposeAsync()
    {
        _api.Close();
        await _answering;
        _workspace.Dispose();
    }

    /// <summary>Ada has spent much, anybody else little; who cannot show a stamp learns nothing.</summary>
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var call = await _api.GetContextAsync();
                var isStamped = IsStamp(call.Request.Headers["x-acme-stamp"] ?? "");
                var sum = call.Request.Url!.AbsolutePath.StartsWith("/sums/ada", StringComparison.Ordinal) ? 1200 : 20;
                call.Response.StatusCode = isStamped ? 200 : 401;
                call.Response.ContentType = "application/json";
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(isStamped ? $$"""{ "sum": {{sum}} }""" : "{}"));
                call.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private static bool IsStamp(string stamp) =>
        stamp.Split('.') is [var sender, var seconds, var signature]
        && signature
            == Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(StampKey), Encoding.UTF8.GetBytes($"{sender}.{seconds}"))
            );

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
