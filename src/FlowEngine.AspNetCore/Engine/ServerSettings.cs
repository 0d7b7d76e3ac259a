using System.Globalization;
using System.Xml;
using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.Database.Files;
using FlowEngine.Database.Network;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Egress;
using FlowEngine.Settings;
using FlowEngine.Storage;
using Microsoft.Extensions.Configuration;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: the operator's settings: <c>appsettings.json</c> beside the executable, then
/// <c>appsettings.Development.json</c> in that environment, then environment variables
/// <c>FLOWENGINE_&lt;Section&gt;__&lt;Name&gt;</c>, then <c>--set</c>; the later goes before the earlier.</summary>
internal sealed class ServerSettings
{
    /// <summary>Sections of appsettings.json that the framework reads.</summary>
    private static readonly HashSet<string> Foreign = new(["Kestrel", "AllowedHosts"], StringComparer.OrdinalIgnoreCase);

    private readonly IConfigurationRoot _configuration;

    private ServerSettings(IConfigurationRoot configuration) => _configuration = configuration;

    /// <summary>Reads the settings.</summary>
    /// <param name="given">Settings from the command line, which go before all others.</param>
    /// <param name="isDemo">Whether the demo runs: its API lives on the loopback
    /// address, so private networks are allowed unless a setting says otherwise.</param>
    public static ServerSettings Load(IEnumerable<KeyValuePair<string, string>> given, bool isDemo)
    {
        var environment =
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT");
        var builder = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true);
        if (string.Equals(environment, "Development", StringComparison.OrdinalIgnoreCase))
            builder.AddJsonFile("appsettings.Development.json", optional: true);
        if (isDemo)
            builder.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Egress:AllowPrivateNetworks", "true")]);
        builder.AddEnvironmentVariables("FLOWENGINE_");
        // Of a setting that is given twice the last one counts, as it does everywhere else.
        builder.AddInMemoryCollection(
            given
                .GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Select(pairs => KeyValuePair.Create<string, string?>(pairs.Key, pairs.Last().Value))
        );
        return new ServerSettings(builder.Build());
    }

    /// <summary>The settings of a program that is not the server: these, and no others.</summary>
    public static ServerSettings Of(IEnumerable<KeyValuePair<string, string?>> given) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(given).Build());

    /// <summary>The settings of the HTTP connectors.</summary>
    /// <exception cref="SettingsException">One of them cannot be used.</exception>
    public HttpModuleOptions Http()
    {
        var standard = new HttpModuleOptions();
        var egress = EgressOptions.Parse(
            Flag("Egress:AllowPrivateNetworks"),
            List("Egress:StaticIps"),
            List("Egress:Proxies"),
            out var problems
        );
        if (problems.Count > 0)
            throw new SettingsException(string.Join(' ', problems));
        return standard with
        {
            Egress = egress,
            MaxResponseBodyBytes = Whole("Http:MaxResponseBodyBytes", standard.MaxResponseBodyBytes),
            MaxRequestBodyBytes = Whole("Http:MaxRequestBodyBytes", standard.MaxRequestBodyBytes),
            MaxResponseHeadersKiB = Whole("Http:MaxResponseHeadersKiB", standard.MaxResponseHeadersKiB),
        };
    }

    /// <summary>The settings of the database connectors.</summary>
    /// <param name="dataFolder">The server's data folder, which no connector reaches; null where there is none.</param>
    /// <param name="moreFolders">Folders for SQLite files beside those of the settings.</param>
    /// <exception cref="SettingsException">One of them cannot be used.</exception>
    public DatabaseModuleOptions Databases(string? dataFolder = null, params IEnumerable<string> moreFolders)
    {
        return new DatabaseModuleOptions
        {
            Egress = new DatabaseEgress
            {
                AllowPrivateNetworks = Flag("Egress:AllowPrivateNetworks"),
                Databases =
                [
                    .. List("Egress:Databases")
                        .Select(text =>
                            DatabasePattern.Parse(text)
                            ?? throw new SettingsException(
                                $"Egress:Databases: '{text}' is not a host and a port, such as db.internal:5432, *.db.internal:5432, 10.1.0.0/16:5432 or /run/postgresql:5432."
                            )
                        ),
                ],
                Judge = address =>
                    EgressGuard.Judge(address) switch
                    {
                        EgressVerdict.Public => AddressVerdict.Public,
                        EgressVerdict.Private => AddressVerdict.Private,
                        _ => AddressVerdict.Forbidden,
                    },
            },
            SqliteFiles = new SqliteFileRules([.. List("Connectors:SqliteFolders"), .. moreFolders], dataFolder),
        };
    }

    /// <summary>Where things are stored.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="database">The connection string of a PostgreSQL database; null for the embedded one.</param>
    /// <exception cref="SettingsException">One of the settings cannot be used.</exception>
    public StorageOptions Storage(string dataFolder, string? database) =>
        new()
        {
            DataFolder = dataFolder,
            Postgres = database is null ? null : Reveal(database),
            RootKey = Text("Storage:RootKey") is { } rootKey ? new Secret(rootKey) : null,
            TraceRetention = Duration("Trace:Retention", TimeSpan.FromDays(30)),
            TraceBytes = Bytes("Trace:MaxBytes", StorageOptions.DefaultTraceBytes),
            UnstartedRetention = Duration("Runs:UnstartedRetention", TimeSpan.FromMinutes(30)),
            Calls = Calls(),
            CheckEvery = Duration("Storage:CheckEvery", TimeSpan.FromDays(1)),
        };

    /// <summary>How many calls may wait to be delivered, and for how long.</summary>
    /// <exception cref="SettingsException">One of the settings cannot be used.</exception>
    private CallOptions Calls()
    {
        var standard = new CallOptions();
        return new CallOptions
        {
            MostPerConnector = Whole("Calls:MaxPerConnector", standard.MostPerConnector),
            Most = Whole("Calls:MaxTotal", standard.Most),
            MostBytes = Bytes("Calls:MaxTotalBytes", standard.MostBytes),
            LargestCall = Whole("Calls:MaxBytes", standard.LargestCall),
            GiveUpAfter = Duration("Calls:GiveUpAfter", standard.GiveUpAfter),
            Retention = Duration("Calls:Retention", standard.Retention),
        };
    }

    /// <summary>What a <c>--database</c> says: a connection string, or where one is: <c>env:NAME</c>, <c>file:PATH</c>.</summary>
    /// <exception cref="SettingsException">There is none.</exception>
    public static string Reveal(string database) =>
        new Secret(database).TryReveal(out var value, out var problem)
            ? value
            : throw new SettingsException($"--database: {problem!.Message}");

    /// <summary>The settings that were given and do not exist, each with advice that names what
    /// was probably meant, or null. A section of other programs is none of ours.</summary>
    public IReadOnlyList<(string Name, string? Advice)> Unknown()
    {
        var names = SettingCatalogue.All.Select(setting => setting.Name).ToList();
        var known = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from pair in _configuration.AsEnumerable()
            where pair.Value is not null && !Foreign.Contains(pair.Key.Split(':')[0])
            // An element of a list has its number behind the name.
            let name = int.TryParse(pair.Key.Split(':')[^1], out _) ? pair.Key[..pair.Key.LastIndexOf(':')] : pair.Key
            where !known.Contains(name)
            select (name, Suggestion.For(name, names) is { } advice && advice.StartsWith("Did", StringComparison.Ordinal) ? advice : null),
        ];
    }

    /// <summary>The setting of that name, such as <c>Tokens:Issuer</c>, or null.</summary>
    public string? Text(string name) => _configuration[name] is { Length: > 0 } text ? text : null;

    /// <summary>The boolean of that name; false when it is not given.</summary>
    /// <exception cref="SettingsException">It is neither true nor false.</exception>
    public bool Flag(string name)
    {
        return Text(name) is { } text && FlagOf(name, text);
    }

    /// <summary>The boolean that a text says.</summary>
    /// <exception cref="SettingsException">It is neither true nor false.</exception>
    public static bool FlagOf(string name, string text) =>
        bool.TryParse(text, out var flag) ? flag : throw new SettingsException($"{name}: '{text}' is neither true nor false.");

    /// <summary>The positive whole number of that name.</summary>
    /// <exception cref="SettingsException">It is no such number.</exception>
    public int Whole(string name, int otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new SettingsException($"{name}: '{text}' is not a positive whole number.");
    }

    /// <summary>The whole number of that name, or zero, which turns off what it limits.</summary>
    /// <exception cref="SettingsException">It is no such number.</exception>
    public int WholeOrZero(string name, int otherwise) => Text(name) is "0" ? 0 : Whole(name, otherwise);

    /// <summary>The number of bytes of that name, or zero, which turns off what it limits.</summary>
    /// <exception cref="SettingsException">It is no such number.</exception>
    public long Bytes(string name, long otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : throw new SettingsException($"{name}: '{text}' is not a whole number of bytes.");
    }

    /// <summary>The positive duration of that name, in ISO 8601 form such as <c>P30D</c>.</summary>
    /// <exception cref="SettingsException">It is no such duration.</exception>
    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        try
        {
            if (XmlConvert.ToTimeSpan(text) is var span && span > TimeSpan.Zero)
                return span;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            // Told below, like every other text that is no duration.
        }
        throw new SettingsException($"{name}: '{text}' is not a positive ISO 8601 duration such as P30D.");
    }

    /// <summary>The list of that name: a JSON array in a file, <c>Name__0</c>,
    /// <c>Name__1</c> in the environment, or one text with commas.</summary>
    public IReadOnlyList<string> List(string name) =>
        Text(name) is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. _configuration.GetSection(name).GetChildren().Select(child => child.Value ?? "")];
}
