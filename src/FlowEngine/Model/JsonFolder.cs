namespace FlowEngine.Model;

/// <summary>Stateless: the JSON files of a folder, in the order of their names.</summary>
public static class JsonFolder
{
    /// <summary>The files directly inside, named as the folder was; "" is the current folder.</summary>
    public static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder.Length == 0 ? "." : folder, "*.json")
            .Select(path => Path.Combine(folder, Path.GetFileName(path)))
            .Order(StringComparer.Ordinal);
}
