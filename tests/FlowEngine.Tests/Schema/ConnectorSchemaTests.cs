using FlowEngine.Context;
using FlowEngine.Schema;

namespace FlowEngine.Tests.Schema;

public sealed class ConnectorSchemaTests
{
    private static readonly string Text = ConnectorSchema.Generate(StandIns.Connectors);

    [Fact]
    public void Generate_ConnectorFiles_AreCheckedByTheirType()
    {
        (string Json, string Where)[] files =
        [
            (
                """{ "$schema": "x", "id": "a", "type": "http", "configuration": { "baseUrl": "https://example.com","""
                    + """ "headers": [ { "key": "x", "value": "{{client.x}}" } ], "hmacSecret": "env:X", "later": 1 }, "note": [] }""",
                ""
            ),
            ("""{ "id": "a", "type": "sql", "configuration": { "engine": "sqlite" } }""", ""),
            ("""{ "id": "a", "type": "sql", "configuration": { "engine": "oracle" } }""", "/configuration/engine enum"),
            ("""{ "id": "a", "type": "sql", "configuration": { "engine": "mysql", "port": 70000 } }""", "/configuration/port maximum"),
            ("""{ "id": "a", "type": "http", "configuration": { } }""", "/configuration required"),
            (
                """{ "id": "a", "type": "http", "configuration": { "baseUrl": "x", "headers": [ {} ] } }""",
                "/configuration/headers/0 required"
            ),
            ("""{ "id": "a", "type": "http", "configuration": { "baseUrl": "x", "hmacSecret": 1 } }""", "/configuration/hmacSecret type"),
            ("""{ "id": "a", "type": "ftp", "configuration": { } }""", "/type enum"),
            ("""{ "id": "a b", "type": "http", "configuration": { "baseUrl": "x" } }""", "/id pattern"),
            ("""{ "id": "a", "type": "http" }""", " required"),
        ];
        var results = Ajv.Validate(Text, [.. files.Select((file, i) => ($"{i}", FlowValue.Parse(file.Json)))]);
        for (var i = 0; i < files.Length; i++)
        {
            var result = results.Get($"{i}").ToJson();
            Assert.True(
                files[i].Where.Length == 0 ? result == "[]" : result.Contains($"\"{files[i].Where}", StringComparison.Ordinal),
                $"{files[i].Json}\n{result}"
            );
        }
    }
}
