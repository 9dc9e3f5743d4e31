namespace SessionReplay.ReferenceHost.Shop;

public sealed record StockChange(int Number, string Slug, string Product, string Town, int Left, string At);
