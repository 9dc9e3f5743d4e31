namespace SessionReplay.ReferenceHost.Shop;

/// <summary>One product. Art names a drawing of Pages/Shared/_Art.cshtml; Hue is its main colour in degrees.</summary>
public sealed record Product(string Slug, string Name, string Category, decimal Price, string Art, int Hue, string Tagline, string[] Facts);
