"""The names that columns of product feeds go by, in the languages and in the shop systems of those who send them.

Per field of ours the most telling names first. They are compared as `vocabulary.normal` writes them.
"""

NAMES: dict[str, str] = {
    "sku": "sku, variant sku, seller sku, supplier sku, item sku, merchant sku, product sku, product code sku, "
    "custom label sku, custom label, supplier aid, supplier pid, offer id, product id, item id, article number, "
    "article no, artikelnummer, artikel nummer, artikel nr, artikelnr, art nr, bestellnummer, item number, item no, "
    "product code, item code, stock code, stockcode, codigo, codigo produto, codigo do produto, codigo de producto, "
    "codigo articulo, codigo do artigo, codigo artigo, referencia, ref, reference, reference vendeur, "
    "reference interne, ugs, code article, code produit, codice, codice articolo, codice prodotto, artikelcode, "
    "productcode, kod, kod produktu, kod towaru, symbol, kod zbozi, cislo produktu, cislo zbozi, "
    "cikkszam, termekkod, cod produs, cod articol, cod, varenummer, varenr, tuotenumero, stok kodu, urun kodu, "
    "артикул, код товара, код, κωδικος, κωδικος προιοντος, артикулен номер, 商品コード, 商品番号, 品番, "
    "型番, 货号, 商品编号, 商品编码, 产品编号, 商品編號, 商品貨號, 貨號, 상품코드, 상품번호, "
    "자체상품코드, part number, article id, asin, asin1, id, "
    "nr",
    "title": "title, product title, item title, name, product name, item name, productname, article name, "
    "short title, nome, nome do produto, nome do artigo, designacao, titulo, titel, nombre, nombre del producto, "
    "nom, nom du produit, titre, libelle, libelle court, designation, produktname, produktbezeichnung, artikelname, "
    "artikelbezeichnung, bezeichnung, bezeichnung 1, artikelbezeichnung 1, nome prodotto, nome articolo, "
    "denominazione, titolo, naam, productnaam, artikelnaam, omschrijving kort, nazwa, nazwa produktu, nazwa towaru, "
    "nazev, nazev produktu, nazov, nazov produktu, megnevezes, termeknev, nev, denumire, denumire produs, nume, "
    "nume produs, benamning, produktnamn, artikelnamn, namn, navn, produktnavn, varenavn, varetekst, nimi, "
    "tuotenimi, tuotteen nimi, urun adi, stok adi, наименование, название, наименование товара, название товара, "
    "име, ονομα, ονομασια, τιτλος, 商品名, 製品名, 商品名称, 商品标题, 产品名称, 商品名稱, 品名, 상품명, 제품명, "
    "description short, product",
    "description": "description, body html, product description, item description, long description, "
    "description long, full description, descricao, descricao longa, descricao completa, descrizione, "
    "descrizione estesa, beschreibung, artikelbeschreibung, langbeschreibung, langtext, bezeichnung 2, descripcion, "
    "descripcion larga, descriptif, libelle long, description longue, descriere, omschrijving, beschrijving, opis, "
    "opis produktu, popis, popis produktu, leiras, beskrivning, beskrivelse, kuvaus, aciklama, описание, περιγραφη, "
    "商品説明, 商品描述, 描述, 상품설명, 설명, details, body, content, content encoded, desc, summary, "
    "short description, kurzbeschreibung, description courte, descripcion corta, descrizione breve, "
    "descricao curta, breve descricao",
    "brand": "brand, brand name, brands, marca, marke, marque, merk, marka, znacka, varumarke, varemerke, maerke, "
    "brand manufacturer, manufacturer, manufacturer name, hersteller, herstellername, fabricante, fabricant, "
    "produttore, fabrikant, producent, vyrobce, vyrobca, gyarto, producator, vendor, maker, tillverkare, producer, "
    "бренд, производитель, марка, μαρκα, κατασκευαστης, ブランド, メーカー, 品牌, 브랜드, 제조사",
    "category": "product type, category, categories, category path, product category, category name, main category, "
    "item category, merchant category, categories x y z, categorypath, categorytext, categoria, categorias, familia, "
    "kategorie, kategorien, kategoriepfad, warengruppe, categorie, famille, rayon, kategoria, kategorie produktu, "
    "grupa, varugrupp, varegruppe, kategori, tuoteryhma, ebay category 1 name, категория, раздел, "
    "группа, κατηγορια, カテゴリ, カテゴリー, 分类, 类目, 商品分类, 分類, 카테고리, type, department",
    "subcategory": "sub category, subcategory, subcategoria, sub categoria, subfamilia, unterkategorie, "
    "sous categorie, sous famille, sottocategoria, подкатегория",
    "google_category": "google product category, google shopping google product category, fb product category",
    "price": "price, variant price, selling price, sell price, retail price, price amount, current price, "
    "standard price, sales price, price vat, price incl vat, price inc vat, price including vat, price incl tax, "
    "price tax included, price with tax, gross price, final price, start price, buy it now price, our price, preco, "
    "preco de venda, preco venda, preco final, preco c iva, preco com iva, pvp, pvp c iva, pvp com iva, "
    "pvp con iva, precio con iva, pvp iva incluido, preis, bruttopreis, preis brutto, preis inkl mwst, "
    "verkaufspreis, vk preis, vk brutto, vk preis brutto, endpreis, precio, precio venta, precio de venta, "
    "precio final, prix, prix ttc, prix de vente, prix vente, prix de vente ttc, prix public, pret, pret cu tva, "
    "pret vanzare, prezzo, prezzo ivato, prezzo di vendita, prezzo vendita, prezzo iva inclusa, prijs, "
    "verkoopprijs, prijs incl btw, cena, cena brutto, cena s dph, cena sprzedazy, prodejni cena, ar, brutto ar, "
    "eladasi ar, fogyasztoi ar, pris, pris inkl moms, pris inkl mva, utpris, utsalgspris, salgspris, hinta, "
    "myyntihinta, fiyat, satis fiyati, kdv dahil fiyat, цена, розничная цена, цена продажи, τιμη, τιμη πωλησης, 価格, "
    "販売価格, 税込価格, 单价, 价格, 售价, 销售价, 售價, 價格, 定價, 판매가, 가격, 판매가격, unit price, valor",
    "sale_price": "sale price, discount price, discounted price, special price, offer price, promo price, "
    "promotional price, preco promocional, preco de promocao, preco em promocao, angebotspreis, aktionspreis, "
    "sonderpreis, tarif promo, prix promo, prix promotionnel, prix remise, precio rebajado, precio oferta, "
    "precio de oferta, prezzo in offerta, prezzo scontato, prezzo promozionale, actieprijs, aanbiedingsprijs, "
    "cena promocyjna, akcni cena, akcios ar, reapris, rabattpris, pret promotional, pret redus, indirimli fiyat, "
    "акционная цена, цена со скидкой, セール価格, 促销价, 特價, 할인가",
    "sale_period": "sale price effective date",
    "list_price": "list price, actual price, compare at price, variant compare at price, regular price, "
    "original price, old price, oldprice, was price, former price, mrp, rrp, msrp, msrp price, uvp, "
    "recommended price, suggested price, preco original, preco normal, preco antigo, strike price, regularer preis, "
    "streichpreis, listenpreis, tarif regulier, prix barre, prix conseille, ancien prix, precio normal, "
    "precio anterior, precio tachado, prezzo di listino, prezzo originale, reguliere prijs, adviesprijs, "
    "cena regularna, cena katalogowa, bezna cena, ordinarie pris, veiledende pris, veil pris, pret vechi, "
    "pret intreg, старая цена, 定価, 市场价, 原价, 原價, 정가",
    "currency": "currency, currency code, price currency, currencyid, currency id, moeda, wahrung, moneda, devise, "
    "valuta, waluta, mena, penznem, валюта, 通貨, 币种",
    "gtin": "gtin, ean, ean13, ean 13, ean code, eans, barcode, variant barcode, gtin13, gtin 13, gtin14, gtin12, "
    "gtin8, upc, upc code, isbn, product upc ean, gtin upc ean or isbn, gtin upc ean oder isbn, "
    "gtin upc ean ou isbn, gtin upc ean o isbn, global trade item number, gps global trade item number, p ean, "
    "ean number, ean nummer, ean kod, kod ean, cod ean, codigo ean, codigo de barras, codigo barras, cod barras, "
    "cod de barras, strichcode, code barre, code barres, codebarre, codice a barre, codice ean, streepjescode, "
    "kod kreskowy, carovy kod, vonalkod, cod de bare, streckkod, strekkode, stregkode, barkod, штрихкод, штрих код, "
    "баркод, jan, janコード, 条形码, 条码, 條碼, 바코드, bar code, international pid",
    "group": "item group id, itemgroup id, group, group id, parent sku, parent id, handle, url handle, "
    "variant group, model id, parent",
    "note": "note, product highlight, highlight, tagline, subtitle, short note",
    "colour": "colour, color, color name, cor, farbe, couleur, culoare, colore, kleur, kolor, barva, farba, szin, "
    "farg, farge, farve, renk, цвет, χρωμα, カラー, 颜色, 顏色, 색상",
    "size": "size, size name, tamanho, grosse, taille, talla, marime, taglia, maat, rozmiar, velikost, velkost, "
    "meret, storlek, storrelse, beden, размер, サイズ, 尺码, 尺寸, 사이즈",
    "options": "options, variant options",
    "attributes": "attributes, specifications, specs, features, atributos, properties, product detail, "
    "additional attributes, custom attributes, feature name value position, feature name value position customized, "
    "param, feature",
    "image": "image, image link, image url, image urls, image urls x y z, image src, main image, main image url, "
    "base image, product image, product image file, picture, picture url, photo, photo url, imagem, imagens, foto, "
    "fotos, bild, bilder, bildurl, bild url, img, imgs, imagen, imagenes, immagine, immagini, afbeelding, "
    "afbeeldingen, zdjecie, zdjecia, obrazek, obrazky, kep, bilde, billede, kuva, resim, images, thumbnail, "
    "product image url, imgurl, featured image, изображение, картинка, фото, 画像, 图片, 圖片, 이미지",
    "availability": "availability, stock status, available, in stock, is in stock, stock availability, "
    "availability status, availabilitystatus, disponibilidade, disponivel, disponibilidad, disponible, "
    "disponibilite, en stock, em stock, em estoque, na stanie, disponibilita, disponibile, disponibilitate, "
    "verfugbarkeit, verfugbar, lieferbar, vorratig, "
    "beschikbaarheid, op voorraad, leverbaar, dostepnosc, dostupnost, skladem, elerheto, elerhetoseg, "
    "tillganglighet, lagerstatus, наличие, в наличии, διαθεσιμοτητα, instock",
    "stock": "stock, quantity, qty, stock quantity, stock qty, stock level, current stock level, inventory, "
    "inventory quantity, inventory level, variant inventory qty, sell on google quantity, "
    "quantity to sell on facebook, quantity available, available quantity, quantity on hand, stock on hand, on hand, "
    "free stock, estoque, inventario, existencias, bestand, lagerbestand, lager, menge, stoc, cantitate, "
    "quantidade, quantite, quantite en stock, stock disponible, cantidad, giacenza, quantita, voorraad, aantal, "
    "ilosc, stan magazynowy, mnozstvi, pocet kusu, keszlet, darabszam, lagersaldo, saldo, antal, antall, "
    "lagerantal, beholdning, varasto, varastosaldo, stok, stok adedi, stok miktari, остаток, остатки, количество, "
    "αποθεμα, ποσοτητα, "
    "在庫, 在庫数, 库存, 库存数量, 庫存, 庫存量, 数量, 재고, 재고수량",
    "stocks": "stocks, stock by warehouse, warehouse stock, warehouses",
    "handling_days": "handling days, min handling time, handling time, days to ship, dispatch days, handling, "
    "lead time, lead time days, prazo de expedicao",
    "link": "link, url, product url, product link, permalink, product page",
    "Material": "material",
    "Pattern": "pattern",
    "Gender": "gender, google shopping gender",
    "Age group": "age group, google shopping age group",
}

NET_PRICES = (
    "price tax excluded, price excl tax, price excl vat, price ex vat, price exc vat, price without vat, net price, "
    "price net, netto preis, nettopreis, preis netto, vk netto, vk preis netto, preis zzgl mwst, prix ht, "
    "prix hors taxe, prix de vente ht, preco s iva, preco sem iva, pvp s iva, precio sin iva, prezzo iva esclusa, "
    "prijs excl btw, cena netto, cena bez dph, netto ar, pris exkl moms, pris ekskl mva, pret fara tva, цена без ндс"
)
"""Without tax, and so not what a shopper pays: never taken by themselves."""

SHOWN = (
    "active, active 0 1, is active, enabled, is enabled, product enabled, published, is published, visible, "
    "is visible, product visible, product online, "
    "ativo, activo, actif, attivo, actief, aktiv, aktywny, aktivni, publicado, publie"
)
"""Answered with no where a product is not for sale in its supplier's own shop either."""

STATUS = "status, product status, item status"
NOT_SHOWN = frozenset({"draft", "inactive", "archived", "disabled", "unpublished", "deleted", "incomplete"})
