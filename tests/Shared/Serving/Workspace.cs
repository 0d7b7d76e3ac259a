using FlowEngine.Context;

namespace FlowEngine.TestServers;

/// <summary>A temporary folder with files, gone at the end of the test.</summary>
internal sealed class Workspace : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("flowengine-test-").FullName;

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A copy of a sample flow, changed as text. The text to be replaced must be there.</summary>
    public string Sample(string flow, string from, string to)
    {
        var source = File.ReadAllText(Path.Combine(FlowEngineProcess.Repository, "flows", flow));
        Assert.Contains(from, source, StringComparison.Ordinal);
        return Write(flow, source.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>An answers file of sign-ins: each address is one answer to the screen sign-in.</summary>
    public string SignIns(params string[] emails) =>
        Write(
            "answers.json",
            FlowValue
                .From(
                    FlowArray.From(
                        emails.Select(email =>
                            FlowValue.Parse($$"""{ "screen": "sign-in", "interaction": "submit", "form": { "email": "{{email}}" } }""")
                        )
                    )
                )
                .ToJson()
        );

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
