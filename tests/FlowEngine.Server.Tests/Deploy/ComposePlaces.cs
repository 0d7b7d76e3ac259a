using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.TestServers;
using static FlowEngine.Server.Tests.Deploy.ComposeFile;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>
/// Per test: where the containers of docker-compose.yml have their files and their addresses on this machine: a temporary folder for
/// each, loopback ports, and for the addresses of the inside network the same ones below 127. All texts pass through here; otherwise they
/// are those of the files.
internal sealed class ComposePlaces : IDisposable
{
    private readonly Workspace _files = new();
    private readonly int _postgresPort;
    private readonly Dictionary<string, int> _ports;
    private readonly string? _inside;

    /// <param name="postgresPort">Where PostgreSQL listens on 127.0.0.1.</param>
    public ComposePlaces(int postgresPort)
    {
        _postgresPort = postgresPort;
        _ports = Services
            .Where(service => service.Value.Get("image").ToText() == "flowengine")
            .ToDictionary(service => service.Key, _ => FreePort.Next());
        var subnet = Document.Get("networks").Get("inside").Get("ipam").Get("config").Get(0).Get("subnet").ToText();
        _inside = subnet.Length > 0 ? subnet[..(subnet.LastIndexOf('.') + 1)] : null;
        MakeSecrets();
    }

    /// <summary>The address of a node or the demo API.</summary>
    public Uri AddressOf(string service) => new($"http://127.0.0.1:{_ports[service]}");

    /// <summary>The address that a container has on the inside network, as other containers see it; any of the network where the file
    /// gives it none.</summary>
    public IPAddress InsideAddressOf(string service) =>
        IPAddress.Parse(
            Services.Get(service).Get("networks").Get("inside").Get("ipv4_address").TryGetText(out var address)
                ? InsideOf(address)
                : "127.222.93.200"
        );

    /// <summary>A path of a container as a path of this machine.</summary>
    public string PathIn(string service, string path) => Path.Combine(_files.Folder, service) + path;

    /// <summary>Puts what a container sees into its place: secrets, volumes of the repository, and empty folders for its tmpfs.</summary>
    public void Mount(string service)
    {
        foreach (var secret in Texts(Services.Get(service).Get("secrets")))
            Write(service, $"/run/secrets/{secret}", Path.Combine(_files.Folder, Document.Get("secrets").Get(secret).Get("file").ToText()));
        foreach (var folder in Texts(Services.Get(service).Get("tmpfs")))
            Directory.CreateDirectory(PathIn(service, folder.Split(':')[0]));
        foreach (
            var volume in Texts(Services.Get(service).Get("volumes")).Where(volume => volume.StartsWith("./", StringComparison.Ordinal))
        )
        {
            var (source, target) = (PathOf(volume.Split(':')[0]), volume.Split(':')[1]);
            foreach (var file in Directory.Exists(source) ? Directory.GetFiles(source) : [source])
                Write(service, file == source ? target : $"{target}/{Path.GetFileName(file)}", file);
        }
    }

    /// <summary>A text that a container gets, with the paths and addresses of this machine.</summary>
    public string TextOf(string service, string text)
    {
        foreach (var path in (string[])["/run/secrets", "/flows", "/data"])
            text = Regex.Replace(text, $@"(?<=^|[:\s""'`]){path}(?=$|[/\s""'`])", PathIn(service, path), RegexOptions.Multiline);
        foreach (var (name, port) in _ports)
            text = text.Replace($"{name}:5080", $"127.0.0.1:{port}", StringComparison.Ordinal);
        if (_ports.TryGetValue(service, out var own))
            text = Regex.Replace(text, @"\b(0\.0\.0\.0|127\.0\.0\.1):5080\b", $"127.0.0.1:{own}");
        text = Regex.Replace(text, @"\bHost=postgres\b", $"Host=127.0.0.1;Port={_postgresPort}");
        text = Regex.Replace(text, @"""host"":\s*""postgres""", $"\"host\": \"127.0.0.1\", \"port\": {_postgresPort}");
        return InsideOf(text);
    }

    /// <summary>The environment of a container.</summary>
    public Dictionary<string, string> EnvironmentOf(string service) =>
        TextsByName(Services.Get(service).Get("environment"))
            .ToDictionary(variable => variable.Key, variable => TextOf(service, variable.Value));

    public void Dispose() => _files.Dispose();

    private string InsideOf(string text) =>
        _inside is null
            ? text
            : text.Replace(_inside, "127" + _inside[_inside.IndexOf('.', StringComparison.Ordinal)..], StringComparison.Ordinal);

    private void Write(string service, string path, string source) =>
        _files.Write(service + path, TextOf(service, File.ReadAllText(source)));

    private void MakeSecrets()
    {
        using var process = Process.Start(
            "sh",
            [_files.Write("deploy/make-secrets.sh", File.ReadAllText(PathOf("deploy/make-secrets.sh")))]
        );
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
