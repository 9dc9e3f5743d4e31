using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SessionReplay.DocumentationTests;

/// <summary>Reads the XML documentation that lies beside an assembly.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Known = [];

    public static string Summary(Type type) => Text(Find(type.Assembly, $"T:{type.FullName!.Replace('+', '.')}")?.Element("summary"));

    public static string Summary(PropertyInfo property) => Text(Member(property)?.Element("summary"));

    public static string Value(PropertyInfo property) => Text(Member(property)?.Element("value"));

    private static XElement? Member(PropertyInfo property) =>
        Find(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{property.Name}");

    private static XElement? Find(Assembly assembly, string name)
    {
        if (!Known.TryGetValue(assembly, out var members))
        {
            members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
                .ToDictionary(member => member.Attribute("name")!.Value);
            Known[assembly] = members;
        }

        return members.GetValueOrDefault(name);
    }

    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return string.Empty;
        }

        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "see" } see =>
                $"`{see.Attribute("langword")?.Value ?? see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Attribute("href")?.Value}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Value,
            _ => string.Empty,
        }));
        return Blanks().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
