using System.CommandLine;
using FlowEngine.Errors;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli;

/// <summary>Per command, single-threaded: the options of every command that
/// works on the storage of a server, which may be running meanwhile.</summary>
internal sealed class StorageArguments
{
    /// <summary>Who the audit log names.</summary>
    public const string Actor = "command line";

    private readonly Option<string> _data = new("--data")
    {
        Description = "The data folder of the server: its embedded database and its root key. Default: data.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "The connection string of the server's PostgreSQL database, in the place of the embedded one.",
        HelpName = "CONNECTION",
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description =
            "A setting, such as Storage:RootKey=file:/run/secrets/root.key; it "
            + "goes before environment variables and appsettings.json. Repeatable.",
        HelpName = "Section:Name=value",
        DefaultValueFactory = _ => [],
    };

    public StorageArguments(Command command)
    {
        _settings.Validators.Add(result => KeyValue.Check(result, "Section:Name=value"));
        command.Options.Add(_data);
        command.Options.Add(_database);
        command.Options.Add(_settings);
    }

    /// <summary>Opens the storage, which a server has to have set up: a misspelt folder must not become a new, empty one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="StorageException">It cannot be used.</exception>
    public async Task<ServerStorage> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var engine = ServerSettings.Load(parsed.GetValue(_settings)!.Select(KeyValue.Split), isDemo: false).Check().Engine;
        (engine.Data, engine.Database) = (parsed.GetValue(_data)!, parsed.GetValue(_database));
        var options = engine.StorageSetup();
        if (options.Postgres is null && !File.Exists(options.SqliteFile))
            throw new FileNotFoundException(
                $"There is no server's database {options.SqliteFile}. Name the folder with --data, "
                    + "or the PostgreSQL database with --database; a server's first start makes it."
            );
        return await ServerStorage.OpenAsync(options, _ => null, TimeProvider.System, cancellationToken);
    }

    /// <summary>Says why a command refuses.</summary>
    public static async Task<int> RefuseAsync(ErrorCode code, string message)
    {
        await Console.Error.WriteLineAsync($"error {code}: {message} {code.Advice}");
        return ExitCodes.Failed;
    }
}
