namespace FlowEngine.Server.Demo;

/// <summary>Per process: a temporary folder of this process alone, with the demo's
/// people database in it. Not the data folder: connectors reach nothing there.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowengine-demo-").FullName;

    /// <summary>Makes the folder and the database.</summary>
    public DemoFolder() => DemoPeople.Create(PeopleFile);

    /// <summary>The database.</summary>
    public string PeopleFile => Path.Combine(_folder, "people.db");

    /// <summary>The folder itself.</summary>
    public string Name => _folder;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A connection may still hold the file on some systems; the temporary folder is cleaned by the system.
        }
    }
}
