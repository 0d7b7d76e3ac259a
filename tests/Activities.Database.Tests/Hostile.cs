namespace FlowEngine.Database.Tests;

/// <summary>Values that would be harmful as SQL text.</summary>
internal static class Hostile
{
    public static string[] Texts { get; } =
    [
        "' or 1=1 --",
        "'; drop table people; --",
        "\\'; drop table people; --",
        "\" or \"\"=\"",
        "') or ('1'='1",
        "/* */ ' union select 1 --",
        "$$ $1 $tag$",
        "@p0 :x ?",
        "{{client.list}}",
        "E'\\x27'",
        "\\",
        "\\\\'",
        "x' || pg_sleep(10) || '",
        "\u2019 or 1=1",
        "%_",
        "line\nbreak\r\n\t",
        "`; drop table people; `",
        "[x]; drop table people",
        "NULL",
        "{a,b}",
        "\u00bf\u0027 or 1=1",
        "0x27",
        "#",
        "-- ",
    ];
}
