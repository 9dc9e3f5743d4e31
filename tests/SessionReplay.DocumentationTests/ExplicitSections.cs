namespace SessionReplay.DocumentationTests;

/// <summary>Options classes that neither the root nor an adapter leads to, with the section they are bound to.</summary>
internal static class ExplicitSections
{
    private static readonly (string Section, string Type)[] Names = [("SessionReplay:Crypto", "SessionReplay.Crypto.CryptoOptions")];

    public static IEnumerable<(string Section, Type Type)> All =>
        Names.Select(name => (name.Section, Libraries.Options.Single(type => type.FullName == name.Type)));
}
